import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { manifestJsonSchema } from '../../labs/schema.ts';
import { LABS } from './find.ts';

/** `npm run labs:schema`. What the file must be is also what its test compares with. */
export async function schemaText(): Promise<string> {
  return format(JSON.stringify(manifestJsonSchema()), {
    ...{ parser: 'json', singleQuote: true, printWidth: 100 },
  });
}

if (import.meta.main) writeFileSync(join(LABS, 'lab.schema.json'), await schemaText());
