// Not a module: it runs before the first paint, so that a chosen theme does not flash the other one.
(() => {
  const themes = ['auto', 'light', 'dark'];
  const key = 'theme';

  function stored() {
    try {
      return themes.includes(localStorage.getItem(key)) ? localStorage.getItem(key) : 'auto';
    } catch {
      return 'auto'; // storage may be forbidden
    }
  }

  function show(theme) {
    document.documentElement.dataset.theme = theme;
  }

  let theme = stored();
  show(theme);

  document.addEventListener('DOMContentLoaded', () => {
    const button = document.getElementById('theme');
    const label = () => {
      button.querySelector('span').textContent = theme;
      button.setAttribute('aria-label', `Theme: ${theme}`);
    };
    label();
    button.addEventListener('click', () => {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      try {
        localStorage.setItem(key, theme);
      } catch {
        // It holds until the next load.
      }
      show(theme);
      label();
    });
  });
})();
