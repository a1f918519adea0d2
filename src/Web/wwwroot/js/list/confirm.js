// Asks before something is deleted for ever.

const $ = (id) => document.getElementById(id);

export function isConfirmed(title) {
  const dialog = $('confirm');
  $('confirm-words').textContent = `“${title}” goes from the log, with all its text. One that runs is cancelled first. Its id is never used again.`;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'delete'), { once: true });
  });
}
