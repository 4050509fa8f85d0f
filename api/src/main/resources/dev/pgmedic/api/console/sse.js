// Server-sent events over fetch, because EventSource tells nobody why it was refused.

/** Reads frames from a response until it ends. */
export async function frames(response, take) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const parts = (rest + value).split('\n\n');
    rest = parts.pop();
    parts.map(frame).forEach(take);
  }
}

/** One frame: its id, its event and its data. */
export function frame(text) {
  const fields = { id: '', event: '', data: '' };
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') {
      fields.data += (fields.data ? '\n' : '') + value;
    } else if (name in fields) {
      fields[name] = value;
    }
  }
  return fields;
}
