// Vue and Svelte in a page. A store of Svelte's is a contract, which `get` of svelte/store and a subscriber read.

import { get } from 'svelte/store';
import { createApp, defineComponent, h, nextTick, ref } from 'vue';
import { createSSRApp } from 'vue';
import * as svelte from 'event-sourced-streams/svelte';
import * as vue from 'event-sourced-streams/vue';
import { sse } from '../kit/fake.js';
import { setUp, settled } from '../kit/watched.js';

Object.assign(window, { kit: { createApp, createSSRApp, defineComponent, h, nextTick, ref, get, svelte, vue, setUp, settled, sse } });
