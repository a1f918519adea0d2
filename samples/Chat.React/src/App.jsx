import { useEffect, useRef, useState } from 'react';
import { Exchange } from './Exchange.jsx';
import { useChat } from './useChat.js';

const suggestions = [
  'How do I begin something that I have put off for years?',
  'Explain event sourcing to a gardener.',
  'What is the weather in Oakhaven?',
  'Please fail in the middle, so that I see what happens.',
];

/** The user's chats beside the one that the address names. */
export function App({ streams }) {
  const chat = useChatOfAddress();
  const { exchanges, isLoaded, chats, problem, ask, again } = useChat(chat, streams);
  const question = useRef(null);
  const grown = useScrolledToEnd();
  const toQuestion = () => question.current?.focus();
  useEffect(toQuestion, [chat]);

  const send = async (text) => {
    if (text.trim() && await ask(text.trim())) question.current.value = '';
    toQuestion();
  };

  return (
    <>
      <header>
        <h1 className="brand"><Brand />Chat</h1>
        <button id="new" type="button" onClick={() => { location.hash = crypto.randomUUID(); }}>New chat</button>
        <nav id="chats" aria-label="Your chats">
          {chats.map((one) => (
            <a key={one.chat} href={`#${one.chat}`} aria-current={one.chat === chat ? 'page' : undefined}>{one.title}</a>
          ))}
        </nav>
        <form method="post" action="/sign-out"><button className="quiet">Sign out</button></form>
      </header>
      <main>
        {isLoaded && exchanges.length === 0 && <Welcome onChoose={send} />}
        <section id="exchanges" aria-label="Messages">
          {exchanges.map((one) => (
            <Exchange key={one.stream} {...one} onAgain={() => again(one).then(toQuestion)} onGrown={grown} onOver={toQuestion} />
          ))}
        </section>
        <form id="ask" onSubmit={(event) => { event.preventDefault(); send(question.current.value); }}>
          {problem && <p id="problem" className="problem" role="alert">{problem}</p>}
          <label htmlFor="question" className="unseen">Your message</label>
          <textarea
            id="question" ref={question} rows={2} maxLength={4000} placeholder="Ask anything" required
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
              event.preventDefault();
              send(event.currentTarget.value);
            }}
          />
          <button className="primary">Send</button>
        </form>
      </main>
    </>
  );
}

const Brand = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 7h11M3 12h15M3 17h7" /><circle cx="19" cy="17" r="2.4" /></svg>
);

function Welcome({ onChoose }) {
  return (
    <section id="welcome" className="welcome" aria-labelledby="welcome-title">
      <h2 id="welcome-title">What would you like to know?</h2>
      <p>Every word of an answer is kept as it comes. Reload in the middle of one, open a second tab, restart the server: nothing is lost.</p>
      <ul>
        {suggestions.map((text) => (
          <li key={text}><button type="button" className="suggestion" onClick={() => onChoose(text)}>{text}</button></li>
        ))}
      </ul>
    </section>
  );
}

/** The chat that the address's fragment names; without one, a new one. */
function useChatOfAddress() {
  const [chat, setChat] = useState(() => location.hash.slice(1) || crypto.randomUUID());
  useEffect(() => {
    if (!location.hash) history.replaceState(null, '', `#${chat}`);
    const changed = () => { if (location.hash.length > 1) setChat(location.hash.slice(1)); };
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return chat;
}

/** A page that grows is read at its end; a reader that has scrolled back stays there. */
function useScrolledToEnd() {
  const isAtEnd = useRef(true);
  useEffect(() => {
    const scrolled = () => { isAtEnd.current = innerHeight + scrollY >= document.documentElement.scrollHeight - 80; };
    addEventListener('scroll', scrolled, { passive: true });
    return () => removeEventListener('scroll', scrolled);
  }, []);
  return () => { if (isAtEnd.current) scrollTo(0, document.documentElement.scrollHeight); };
}
