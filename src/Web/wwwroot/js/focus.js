// A control that is done with goes, but not from under the focus: it stays, switched off, until the reader leaves it.

/** @param element a control, or a form with some */
export function hideWithoutTheFocus(element) {
  if (!element.contains(document.activeElement)) {
    element.hidden = true;
    return;
  }
  element.dataset.over = 'true';
  switchOff(element, true);
  element.addEventListener('focusout', (e) => {
    if (element.contains(e.relatedTarget)) return;
    if (element.dataset.over) element.hidden = true;
    showAgain(element, element.hidden);
  }, { once: true });
}

export function showAgain(element, hidden = false) {
  delete element.dataset.over;
  switchOff(element, false);
  element.hidden = hidden;
}

export const isOff = (element) => element.getAttribute('aria-disabled') === 'true';

export function switchOff(element, off) {
  const controls = element.matches('button, input') ? [element] : element.querySelectorAll('button, input');
  for (const control of controls) {
    if (off) control.setAttribute('aria-disabled', 'true');
    else control.removeAttribute('aria-disabled');
    if (control.matches('input')) control.readOnly = off;
  }
}
