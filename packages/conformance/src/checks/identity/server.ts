import type { Check } from '../../check.ts';

// What makes a browser fetch: a link that a reader may follow does not.
const FETCHED =
  /<(?:script|img|iframe|source|video|audio|embed|track)\b[^>]*\bsrc\s*=\s*["']?(?<src>[^"'\s>]+)|<link\b(?![^>]*\brel\s*=\s*["']?(?:canonical|alternate|license|author|help)\b)[^>]*\bhref\s*=\s*["']?(?<href>[^"'\s>]+)|@import\s+(?:url\()?["']?(?<css>[^"')\s;]+)|\burl\(\s*["']?(?<url>[^"')\s]+)/gi;

/** How the server is, and what it says of itself. */
export const SERVER_CHECKS: readonly Check[] = [
  {
    id: 'livez-answers-200',
    title: '`/livez` answers 200 while the process serves requests.',
    covers: { 'REC-070': '2c67dc95' },
    profile: 'recorder',
    async run(t) {
      t.status('REC-070', await t.api.request('GET', '/livez', { anonymous: true }), 200);
    },
  },
  {
    id: 'health-answers-200',
    title: '`/health` answers 200 while the database answers.',
    covers: { 'REC-071': '277686d8' },
    profile: 'recorder',
    async run(t) {
      await t.submit(t.parked());
      t.status('REC-071', await t.api.request('GET', '/health', { anonymous: true }), 200);
    },
  },
  {
    id: 'openapi-document-is-served',
    title: 'The OpenAPI document is served as JSON and as YAML, and describes the operations.',
    covers: { 'REC-072': '9d763bf5' },
    profile: 'recorder',
    async run(t) {
      const json = await t.api.request('GET', '/openapi.json', { anonymous: true });
      t.status('REC-072', json, 200);
      t.ok(
        'REC-072',
        '/openapi.json is of OpenAPI 3',
        String(json.json?.openapi).startsWith('3.'),
        json.json?.openapi,
      );
      const operation = json.json?.paths?.['/v1/tasks']?.post;
      t.ok('REC-072', '/openapi.json describes POST /v1/tasks', typeof operation === 'object', operation);
      const yaml = await t.api.request('GET', '/openapi.yaml', { anonymous: true });
      t.status('REC-072', yaml, 200);
      t.ok(
        'REC-072',
        '/openapi.yaml is an OpenAPI document',
        /^[{\s]*["']?openapi["']?\s*:/m.test(yaml.text),
        yaml.text,
      );
    },
  },
  {
    id: 'docs-load-nothing-from-elsewhere',
    title: 'A page for people is served at `/docs`, and loads nothing from another origin.',
    covers: { 'REC-073': '33185d34' },
    profile: 'recorder',
    async run(t) {
      const page = await t.api.request('GET', '/docs', { anonymous: true });
      t.status('REC-073', page, 200);
      t.ok(
        'REC-073',
        '/docs is HTML',
        /^text\/html\b/i.test(page.headers['content-type'] ?? ''),
        page.headers,
      );
      const loaded = [...page.text.matchAll(FETCHED)].flatMap(({ groups }) => Object.values(groups ?? {}));
      const base = `${t.api.baseUrl}/docs`;
      const foreign = loaded.filter((url) => url !== undefined && isForeign(url, base));
      t.equal('REC-073', 'what the page loads from another origin', foreign, []);
    },
  },
];

function isForeign(url: string, base: string): boolean {
  if (!URL.canParse(url, base)) return false;
  const { protocol, origin } = new URL(url, base);
  return /^(https?|wss?):$/.test(protocol) && origin !== new URL(base).origin;
}
