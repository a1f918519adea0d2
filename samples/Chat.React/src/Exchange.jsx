import { useStream } from 'event-sourced-streams/react';
import { useEffect, useRef, useState } from 'react';

/** How long the tab that asked may take to drive its answer before another does, in milliseconds. */
const patience = 3000;

const words = {
  pending: 'waiting', streaming: 'writing', done: '', error: 'Broken off', cancelled: 'Stopped', timeout: 'It fell silent',
  deleted: 'Deleted', gone: 'Deleted', forbidden: 'You are signed out',
};

/**
 * One question with its answer.
 * @param mine whether this tab asked: then it has the answer made, and sees every word as it comes
 * @param initial what the app knew of it when the chat was opened
 */
export function Exchange({ question, stream, mine, initial, onAgain, onGrown, onOver }) {
  const isUnclaimed = useUnclaimed(stream, mine);
  const { text, status, error, cancel } = useStream(stream, { drive: mine || isUnclaimed, initial });
  const runs = status === 'pending' || status === 'streaming';
  const said = error && status !== 'cancelled' ? `${words[status]}: ${error.message}` : (words[status] ?? status);

  useEffect(() => onGrown(), [text, status]);

  // A button that goes takes the focus with it, unless another one takes it over.
  const stop = useRef(null);
  const again = useRef(null);
  const hadFocus = useRef(false);
  useEffect(() => {
    if (runs || !hadFocus.current) return;
    hadFocus.current = false;
    if (again.current) again.current.focus();
    else onOver();
  }, [runs]);

  return (
    <article data-status={status}>
      <p className="question">{question}</p>
      <p className="answer">{text}</p>
      <p className="state">
        <span className="said" role="status">{said}</span>
        {runs && (
          <button
            type="button" className="stop" ref={stop} onClick={() => cancel()}
            onFocus={() => { hadFocus.current = true; }} onBlur={() => { hadFocus.current = stop.current === null; }}
          >Stop</button>
        )}
        {!runs && status !== 'done' && <button type="button" className="again" ref={again} onClick={onAgain}>Ask again</button>}
      </p>
    </article>
  );
}

/** Whether another tab's answer has waited too long for that tab to drive it. */
function useUnclaimed(stream, mine) {
  const [isUnclaimed, setUnclaimed] = useState(false);
  useEffect(() => {
    if (mine) return undefined;
    const timer = setTimeout(() => setUnclaimed(true), patience);
    return () => clearTimeout(timer);
  }, [stream, mine]);
  return isUnclaimed;
}
