// A stream's status, as the API names it.

export const isEnding = (status) => !['pending', 'streaming'].includes(status);
