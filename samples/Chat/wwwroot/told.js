// What an answer says beside its text: thoughts, and tools with what they were asked and gave. A kind that is not known
// is skipped.

import { givenBy, shown, textOf, usageIn } from './told-words.js';

/** @param parts as a client's snapshot has them, or a query's content */
export function showParts(element, parts) {
  const thoughts = parts.filter(part => part.kind === 'reasoning').map(textOf);
  const calls = parts.filter(part => part.kind === 'tool-call');
  const [thought, tools] = [element.querySelector('.thought'), element.querySelector('.tools')];
  thought.hidden = !thoughts.length;
  put(thought.querySelector('p'), thoughts.join('\n\n'));
  tools.hidden = !calls.length;
  while (tools.children.length < calls.length) tools.append(row());
  calls.forEach((call, at) => {
    const [name, asked, gave] = tools.children[at].children;
    const result = parts.findLast(part => part.kind === 'tool-result' && part.of === call.part);
    put(name, call.name ?? 'a tool');
    put(asked, shown(textOf(call)));
    put(gave, givenBy(result));
    tools.children[at].dataset.state = result?.state ?? call.state;
  });
}

/** @param usage as the stream's end has it */
export function showUsage(element, usage) {
  const words = usageIn(usage);
  element.hidden = words === undefined;
  if (!element.hidden) put(element, words);
}

function row() {
  const item = document.createElement('li');
  for (const [tag, kind] of [['b', 'name'], ['span', 'asked'], ['span', 'gave']]) item.append(Object.assign(document.createElement(tag), { className: kind }));
  return item;
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
