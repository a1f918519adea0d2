// The API's description in Scalar, with examples that work as they are: each load of the page has a stream of its own
// to try them on, since an id is never used again.

const example = 'hello'; // the description's
const ofKeys = ['MintStreamToken', 'MintToken'];
const inOrder = ['CreateStream', 'DriveStream', 'FollowStream', 'GetStream', 'GetStreamText', 'ListStreams', 'CancelStream', ...ofKeys, 'DeleteStream'];

const response = await fetch(new URL('../openapi/v1.json', import.meta.url));
const description = withExamples(await response.json(), `${example}-${Date.now().toString(36)}`);
description.servers = [{ url: new URL('..', import.meta.url).href.replace(/\/$/, '') }];

// As the page keeps it, for this tab. An open server has no use for a place to put one, and makes no tokens.
const key = sessionStorage.getItem('key') ?? '';
const asksForKey = key !== '' || (await fetch(new URL('../v1/streams?limit=1', import.meta.url), { method: 'HEAD' })).status === 401;
if (asksForKey) description.security = [{ bearer: [] }];
else {
  delete description.security;
  for (const methods of Object.values(description.paths))
    for (const [method, { operationId }] of Object.entries(methods)) if (ofKeys.includes(operationId)) delete methods[method];
}

const place = ({ operation, path, method }) => {
  const at = inOrder.indexOf((operation ?? description.paths[path]?.[method.toLowerCase()])?.operationId);
  return at < 0 ? inOrder.length : at;
};

const isDark = () => getComputedStyle(document.documentElement).colorScheme === 'dark'
  || document.documentElement.dataset.theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches;

window.Scalar.createApiReference('#reference', {
  content: description,
  theme: 'none',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
  authentication: asksForKey ? { preferredSecurityScheme: 'bearer', securitySchemes: { bearer: { token: key } } } : undefined,
  documentDownloadType: 'json',
  hideClientButton: true,
  hideDarkModeToggle: true,
  forceDarkModeState: isDark() ? 'dark' : 'light',
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
  operationsSorter: (one, other) => place(one) - place(other),
});

// What was forced at first it does not change by itself.
const followTheme = () => {
  document.body.classList.toggle('dark-mode', isDark());
  document.body.classList.toggle('light-mode', !isDark());
};
new MutationObserver(followTheme).observe(document.documentElement, { attributeFilter: ['data-theme'] });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', followTheme);

/** The same with another stream's id wherever the description has its example. */
function withExamples(value, id) {
  if (Array.isArray(value)) return value.map((item) => withExamples(item, id));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) =>
    [name, item === example && (name === 'example' || name === 'id') ? id : withExamples(item, id)]));
}
