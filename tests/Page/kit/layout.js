// What sticks out of a page: wider than the window, or a visible element that ends beyond it and cannot be scrolled to
// in a part of its own.

/** @param except what is not looked at: a selector */
export const sticksOut = (tab, except = '.unseen') => tab.evaluate((skipped) => {
  const width = document.documentElement.clientWidth;
  const scrolls = (e) => e && e !== document.documentElement
    && (e !== document.body && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  const found = [...document.querySelectorAll('body *')].filter((e) => {
    const box = e.getBoundingClientRect();
    const isUnseen = e.closest(`${skipped}, .unseen, .skip, [hidden], template, dialog:not([open])`) || box.width === 0 || !e.checkVisibility();
    return !isUnseen && !(e instanceof SVGElement && !(e instanceof SVGSVGElement)) && (box.right > width + 0.5 || box.left < -0.5) && !scrolls(e.parentElement);
  });
  const lines = found.map((e) => `${e.tagName.toLowerCase()}${e.id && `#${e.id}`}.${e.className}: ${Math.round(e.getBoundingClientRect().right)} of ${width}`);
  if (document.documentElement.scrollWidth > width) lines.push(`the page: ${document.documentElement.scrollWidth} of ${width}`);
  return lines;
}, except);
