// What tests of the hooks need in a page; which React it is, the bundle decides.

import * as React from 'react';
import { flushSync } from 'react-dom';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import * as client from 'event-sourced-streams';
import { useStream as useConvexStream } from 'event-sourced-streams/convex';
import { StreamsProvider, useStream, useStreams } from 'event-sourced-streams/react';
import { sse } from '../kit/fake.js';
import { setUp, settled } from '../kit/watched.js';

/** Renders into an element of its own; what React complains of is kept. */
function mounted(element, { strict = true, hydrate } = {}) {
  const container = document.body.appendChild(document.createElement('div'));
  const wrapped = (inner) => strict ? React.createElement(React.StrictMode, null, inner) : inner;
  let root;
  if (hydrate === undefined) {
    root = createRoot(container);
    flushSync(() => root.render(wrapped(element)));
  } else {
    container.innerHTML = hydrate;
    flushSync(() => { root = hydrateRoot(container, wrapped(element), { onRecoverableError: (e) => console.error(e) }); });
  }
  return {
    container,
    get text() { return container.textContent; },
    async render(next) {
      flushSync(() => root.render(wrapped(next)));
      await settled();
    },
    async unmount() {
      flushSync(() => root.unmount());
      container.remove();
      await settled();
    },
  };
}

/** Everything that a hook says, as text. */
function Shown({ id, of = useStream, ...options }) {
  const { text, status, error } = of(id, options);
  return React.createElement('p', null, `${status}: ${text}${error ? ` (${error.type})` : ''}`);
}

Object.assign(window, {
  kit: { ...client, React, h: React.createElement, StreamsProvider, useStream, useStreams, useConvexStream, Shown, mounted, renderToString, flushSync, setUp, settled, sse },
});
