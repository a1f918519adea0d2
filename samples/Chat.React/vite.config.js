import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// What samples/Chat answers: its own endpoints, the streams', and the page to sign in with.
const target = process.env.CHAT_URL ?? 'http://127.0.0.1:5290';
const proxy = Object.fromEntries(
  ['/chats', '/v1', '/sign-in', '/sign-out', '/look.css', '/chat.css', '/icon.svg'].map((path) => [path, { target }]),
);

// As samples/Chat sends it: nothing runs in the page that is not a file of its own.
const policy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export default defineConfig({
  plugins: [react()],
  // The client lies in a folder of its own, with another React beside it.
  resolve: { dedupe: ['react', 'react-dom'] },
  build: { assetsInlineLimit: 0 },
  server: { host: '127.0.0.1', proxy, fs: { allow: ['../..'] } },
  preview: { host: '127.0.0.1', proxy, headers: { 'Content-Security-Policy': policy } },
});
