import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../../Chat/wwwroot/look.css';
import '../../Chat/wwwroot/chat.css';
import { App } from './App.jsx';

// The stylesheet is that of samples/Chat, which lays out the body's own children.
createRoot(document.body).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
