import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a function is. */
export interface Place {
  /** Of the file: from the root of this tree, from a package on, or of Node itself. */
  readonly path: string;
  /** The folder of ours, the package, or the part of Node. */
  readonly group: string;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where the script of a profile is, by its URL; what V8 itself does has none. */
export function placeOf(url: string): Place {
  if (url === '') return { path: '', group: '(V8 and native)' };
  if (url.startsWith('node:')) return { path: url, group: url.split('/', 2).join('/') };
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const [before, inPackage] = splitLast(path, 'node_modules/');
  if (before === undefined || inPackage === undefined) return placeInTree(relative(ROOT, path));
  return { path: inPackage, group: `node_modules/${packageOf(inPackage)}` };
}

function placeInTree(path: string): Place {
  return { path, group: path.split('/').slice(0, -1).join('/') };
}

/** A scoped package has two parts in its name. */
function packageOf(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}

function splitLast(text: string, separator: string): readonly [string?, string?] {
  const at = text.lastIndexOf(separator);
  return at < 0 ? [] : [text.slice(0, at), text.slice(at + separator.length)];
}
