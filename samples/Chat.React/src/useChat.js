// One chat, with what this tab and others ask in it.

import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { ask, askAgain, exchangesOf, followChanges, titles } from './api.js';

/** @returns the exchanges in order, the user's chats, what went wrong, and how to ask */
export function useChat(chat) {
  const [shown, change] = useReducer(changed, { chat, exchanges: [], isLoaded: false });
  const [chats, setChats] = useState([]);
  const [problem, setProblem] = useState('');
  const isSending = useRef(false);

  const trying = useCallback(async (work) => {
    try {
      setProblem('');
      return await work();
    } catch (error) {
      setProblem(error.message);
      return undefined;
    }
  }, []);

  useEffect(() => {
    let isLeft = false;
    change({ chat });
    const list = () => trying(async () => {
      const all = await titles();
      if (!isLeft) setChats(all);
    });
    const readAll = () => {
      list();
      trying(async () => {
        const read = await exchangesOf(chat);
        if (!isLeft) change({ chat, read: read.map(exchangeOf) });
      });
    };
    readAll();
    const leave = followChanges({
      ready: readAll, // what was asked meanwhile
      asked: ({ chat: where, insteadOf, ...exchange }) => {
        if (where === chat) change({ chat, exchange, insteadOf });
        list();
      },
    });
    return () => {
      isLeft = true;
      leave();
    };
  }, [chat, trying]);

  /** One at a time. @returns whether it was taken */
  const asking = useCallback(async (question, request, insteadOf) => {
    if (isSending.current) return false;
    isSending.current = true;
    const stream = await trying(request);
    isSending.current = false;
    if (stream) change({ chat, exchange: { question, stream, mine: true }, insteadOf });
    return stream !== undefined;
  }, [chat, trying]);

  return {
    ...(shown.chat === chat ? shown : { exchanges: [], isLoaded: false }),
    chats,
    problem,
    ask: (question) => asking(question, () => ask(chat, question)),
    again: ({ question, stream }) => asking(question, () => askAgain(chat, stream), stream),
  };
}

const exchangeOf = ({ question, stream, status, text, why }) =>
  ({ question, stream, initial: { status, text, ...(why && { error: { code: status, message: why } }) } });

/** What is there already stays as it is, but a tab that hears of its own question drives it. */
function changed(shown, { chat, read, exchange, insteadOf }) {
  const { exchanges, isLoaded } = shown.chat === chat ? shown : { exchanges: [], isLoaded: false };
  if (read) {
    const known = new Set(exchanges.map(({ stream }) => stream));
    return { chat, isLoaded: true, exchanges: [...exchanges, ...read.filter(({ stream }) => !known.has(stream))] };
  }
  if (!exchange) return { chat, exchanges, isLoaded };
  const place = [exchange.stream, insteadOf].map((id) => exchanges.findIndex(({ stream }) => stream === id)).find((at) => at >= 0);
  if (place === undefined) return { chat, isLoaded, exchanges: [...exchanges, exchange] };
  const known = exchanges[place];
  const next = known.stream === exchange.stream ? { ...known, mine: known.mine || exchange.mine } : exchange;
  return { chat, isLoaded, exchanges: exchanges.with(place, next) };
}
