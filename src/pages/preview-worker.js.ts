import { previewScript } from '../site-build/preview-scripts.ts';

export async function GET(): Promise<Response> {
  const script = await previewScript('preview-worker.js');
  return new Response(script, { headers: { 'content-type': 'text/javascript' } });
}
