// The access token is in a variable of this page only: no other page, and no later visit, finds it. The
// refresh token is in a cookie that scripts cannot read.
let token;

const at = (id) => document.getElementById(id);

async function post(path, body, headers = {}) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({ error: response.statusText }));
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** Gets a token for the cookie. Only one page at a time: a refresh token counts once. */
async function refresh() {
  await navigator.locks.request('refresh', async () => {
    token = (await post('/auth/refresh')).access_token;
  });
}

/** Asks with the token, and once more with a new one if it has expired. */
async function get(path, again = true) {
  const response = await fetch(path, { headers: { Authorization: `Bearer ${token}` } });
  if (response.status === 401 && again) {
    await refresh();
    return get(path, false);
  }
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

async function show() {
  // Until this program runs, the form would do nothing, so it is not there.
  at('form').hidden = token !== undefined;
  at('inside').hidden = token === undefined;
  at('answer').textContent = '';
  if (token !== undefined) at('who').textContent = (await get('/me')).name;
}

/** Does something, and tells what went wrong. */
const doing = (work) => async (event) => {
  event?.preventDefault();
  at('problem').textContent = '';
  try {
    await work();
  } catch (error) {
    at('problem').textContent = error.message;
  }
};

const credentials = () => ({ name: at('name').value, password: at('password').value });

async function login() {
  token = (await post('/auth/login', credentials())).access_token;
  at('password').value = '';
  await show();
}

at('form').addEventListener('submit', doing(login));
at('register').addEventListener('click', doing(async () => {
  if (!at('form').reportValidity()) return;
  await post('/auth/register', credentials());
  await login();
}));
at('names').addEventListener('click', doing(async () => {
  at('answer').textContent = (await get('/admin/names')).join('\n');
}));
at('logout').addEventListener('click', doing(async () => {
  // The token may have expired while nobody asked for anything.
  await refresh();
  await post('/auth/logout', undefined, { Authorization: `Bearer ${token}` });
  token = undefined;
  await show();
}));

// Whoever was logged in is so after a reload.
refresh().then(show, () => show());
