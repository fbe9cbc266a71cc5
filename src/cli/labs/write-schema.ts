import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { manifestJsonSchema } from '../../labs/schema.ts';
import { LABS } from './find.ts';
import { reportJsonSchema } from './report-json.ts';

/** `npm run labs:schema`. What a file must be is also what its test compares with. */
export async function schemaText(schema: unknown = manifestJsonSchema()): Promise<string> {
  return format(JSON.stringify(schema), {
    ...{ parser: 'json', singleQuote: true, printWidth: 100 },
  });
}

if (import.meta.main) {
  writeFileSync(join(LABS, 'lab.schema.json'), await schemaText());
  writeFileSync(join(LABS, 'verify.schema.json'), await schemaText(reportJsonSchema()));
}
