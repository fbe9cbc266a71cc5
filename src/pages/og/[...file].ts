import type { APIContext } from 'astro';
import type { Page } from '../../i18n/href.ts';
import { type Language, LANGUAGES } from '../../i18n/languages.ts';
import { pictureOf } from '../../site-build/og/address.ts';
import { drawPicture } from '../../site-build/og/picture.ts';
import { pictureWords } from '../../site-build/og/words.ts';
import { allPages } from '../../site-build/pages.ts';

interface Props {
  readonly lang: Language;
  readonly page: Page;
}

export async function getStaticPaths(): Promise<{ params: { file: string }; props: Props }[]> {
  const pages = await allPages();
  return LANGUAGES.flatMap((lang) =>
    pages.map((page) => ({
      params: { file: pictureOf(lang, page).replace(/^\/og\//, '') },
      props: { lang, page },
    })),
  );
}

export async function GET({ props }: APIContext<Props>): Promise<Response> {
  const png = await drawPicture(await pictureWords(props.lang, props.page));
  return new Response(png, { headers: { 'content-type': 'image/png' } });
}
