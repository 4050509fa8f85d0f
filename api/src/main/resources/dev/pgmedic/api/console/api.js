// Calls of the public API. The console knows nothing that is not to be had here.

/** What the API refused, and why. */
export class Problem extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `the server answered ${status}`);
    this.status = status;
    this.type = problem.type || '';
  }
}

/** The API as whoever sits here. */
export class Api {
  constructor(session) {
    this.session = session;
  }

  get(path) {
    return this.send('GET', path);
  }

  post(path, body) {
    return this.send('POST', path, body);
  }

  /** Everything of a list, up to so many pages. */
  async all(path, pages = 10) {
    const items = [];
    let after = null;
    for (let page = 0; page < pages; page++) {
      const answer = await this.get(path + (path.includes('?') ? '&' : '?') + 'limit=500' + (after ? `&after=${encodeURIComponent(after)}` : ''));
      items.push(...answer.items);
      after = answer.next_after;
      if (!after) {
        break;
      }
    }
    return items;
  }

  async send(method, path, body, more = {}) {
    const headers = { Accept: 'application/json', ...more };
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
    }
    const response = await fetch(path, { method, headers, cache: 'no-store', body: body === undefined ? undefined : JSON.stringify(body) });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      if (response.status === 401) {
        this.session.refused(answer);
      }
      throw new Problem(response.status, answer);
    }
    return answer;
  }
}
