// The key that the server asks for, if it asks for one; kept for this tab alone.

const name = 'key';
const button = document.getElementById('key-change');
const dialog = document.getElementById('key');
const field = dialog.querySelector('input');

let asking;
let isDeclined = false;

export const key = () => sessionStorage.getItem(name) ?? '';

button.hidden = !key();
button.addEventListener('click', async () => {
  isDeclined = false;
  if (await askForKey()) location.reload();
});

/**
 * Whether there is another key now. All that wait get the same answer; one that was not given is not asked for again by
 * itself.
 */
export function askForKey() {
  button.hidden = false;
  if (isDeclined) return Promise.resolve(false);
  asking ??= new Promise((resolve) => {
    field.value = '';
    dialog.returnValue = '';
    dialog.addEventListener('close', () => {
      const given = dialog.returnValue === 'use' ? field.value.trim() : '';
      field.value = '';
      isDeclined = !given;
      if (given) sessionStorage.setItem(name, given);
      asking = undefined;
      resolve(!!given);
    }, { once: true });
    if (!dialog.open) dialog.showModal();
  });
  return asking;
}
