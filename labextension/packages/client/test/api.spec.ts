// SPDX-License-Identifier: Apache-2.0
import {
  ApiError,
  apiUrl,
  FiresteelApi,
  isCancelled,
  UnreachableError
} from '@firesteel/client';
import { connection } from './samples';

const BASE = 'http://hub.example/user/x/';
const request = jest.fn<Promise<Response>, [string, RequestInit]>();
let api: FiresteelApi;

/** A reply as `fetch` gives it; jsdom has no `Response`. */
function reply(status: number, body: unknown): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    status,
    ok: status < 300,
    text: () => Promise.resolve(text)
  } as Response;
}

beforeEach(() => {
  request.mockReset().mockResolvedValue(reply(200, connection()));
  api = new FiresteelApi({ baseUrl: BASE, request, client: 'panel/0.1.0' });
});

describe('addresses', () => {
  test.each([
    ['/', '/firesteel/api/v1/status'],
    ['http://h:1', 'http://h:1/firesteel/api/v1/status'],
    [BASE, 'http://hub.example/user/x/firesteel/api/v1/status']
  ])('are below the base URL %s', (base, expected) => {
    expect(apiUrl(base, ['status'])).toBe(expected);
  });

  test('escape what is put into them', () => {
    expect(apiUrl('/', ['connections', 'a/b?c'], { token: 'a b&c' })).toBe(
      '/firesteel/api/v1/connections/a%2Fb%3Fc?token=a+b%26c'
    );
  });

  test('leave out what is not given', () => {
    expect(apiUrl('/', ['x'], { after: 0, limit: undefined })).toBe(
      '/firesteel/api/v1/x?after=0'
    );
  });
});

describe('requests', () => {
  const changes: [
    string,
    string,
    string,
    (api: FiresteelApi) => Promise<unknown>,
    unknown
  ][] = [
    [
      'create',
      'POST',
      'connections',
      a => a.create({ name: 'n', options: { 'spark.a': ';$(x)\n🔥' } }),
      { name: 'n', options: { 'spark.a': ';$(x)\n🔥' } }
    ],
    ['start', 'POST', 'connections/n/start', a => a.start('n'), undefined],
    [
      'start otherwise',
      'POST',
      'connections/n/start',
      a => a.start('n', { options: {} }),
      { options: {} }
    ],
    ['stop', 'POST', 'connections/n/stop', a => a.stop('n'), undefined],
    [
      'restart',
      'POST',
      'connections/n/restart',
      a => a.restart('n'),
      undefined
    ],
    [
      'make default',
      'POST',
      'connections/n/default',
      a => a.makeDefault('n'),
      undefined
    ],
    ['remove', 'DELETE', 'connections/n', a => a.remove('n'), undefined],
    [
      'preview',
      'POST',
      'preview',
      a => a.preview({ bundles: ['b'], options: { 'spark.a': '🔥' } }),
      { bundles: ['b'], options: { 'spark.a': '🔥' } }
    ],
    [
      'read a file',
      'POST',
      'spark-defaults/read',
      a => a.readSparkDefaults('spark.a 1\n'),
      { text: 'spark.a 1\n' }
    ],
    [
      'write a file',
      'POST',
      'spark-defaults/write',
      a => a.writeSparkDefaults({ 'spark.a': '1' }),
      { options: { 'spark.a': '1' } }
    ],
    [
      'save a preset',
      'PUT',
      'presets/a%20%C3%BC',
      a => a.savePreset('a ü', { cluster: 'k8s' }),
      { cluster: 'k8s' }
    ],
    [
      'remove a preset',
      'DELETE',
      'presets/p',
      a => a.removePreset('p'),
      undefined
    ],
    [
      'release',
      'POST',
      'connections/n/sessions/a%3Fb/release',
      a => a.release('n', 'a?b'),
      undefined
    ],
    [
      'interrupt all',
      'POST',
      'connections/n/interrupt',
      a => a.interrupt('n'),
      {}
    ],
    [
      'interrupt one',
      'POST',
      'connections/n/interrupt',
      a => a.interrupt('n', { session_id: 's', operation_id: 'o' }),
      { session_id: 's', operation_id: 'o' }
    ],
    [
      'endpoint URL',
      'POST',
      'endpoint/url',
      a => a.endpointUrl('n'),
      { connection: 'n' }
    ]
  ];

  test.each(changes)(
    '%s says who asks, in JSON',
    async (_, method, path, call, body) => {
      await call(api);
      const [url, init] = request.mock.calls[0];
      expect(url).toBe(`${BASE}firesteel/api/v1/${path}`);
      expect(init.method).toBe(method);
      expect(init.headers).toEqual({
        'Content-Type': 'application/json',
        'X-Firesteel-Client': 'panel/0.1.0'
      });
      expect(
        init.body === undefined ? undefined : JSON.parse(init.body as string)
      ).toEqual(body);
    }
  );

  test('give what can be chosen from', async () => {
    request.mockResolvedValue(reply(200, { presets: [], text: 't' }));
    expect(await api.presets()).toEqual([]);
    expect(await api.writeSparkDefaults({})).toBe('t');
    await api.catalog();
    await api.sparkOptions({ q: 'a b', spark_version: undefined, limit: 3 });
    expect(request.mock.calls.map(([url]) => url).slice(2)).toEqual([
      `${BASE}firesteel/api/v1/catalog`,
      `${BASE}firesteel/api/v1/spark-options?q=a+b&limit=3`
    ]);
  });

  test('give what was interrupted, and the URL', async () => {
    request.mockResolvedValue(reply(200, { operation_ids: ['o'] }));
    expect(await api.interrupt('n')).toEqual(['o']);
    request.mockResolvedValue(reply(200, { url: 'sc://h:1/;a=b' }));
    expect(await api.endpointUrl('n')).toBe('sc://h:1/;a=b');
  });

  test('ask for the log from a cursor on', async () => {
    const chunk = { lines: ['a'], next: 7, end: true };
    request.mockResolvedValue(reply(200, chunk));
    expect(await api.log('n', { after: 5, limit: 10 })).toEqual(chunk);
    expect(request.mock.calls[0][0]).toBe(
      `${BASE}firesteel/api/v1/connections/n/log?after=5&limit=10`
    );
  });

  test('ask for lines, now or when there is something new', async () => {
    await api.logLines('n', { first: 0, limit: 10 });
    await api.logLines('n', { first: 7, seen: 90, wait_ms: 500 });
    expect(request.mock.calls.map(call => call[0])).toEqual([
      `${BASE}firesteel/api/v1/connections/n/log/lines?first=0&limit=10`,
      `${BASE}firesteel/api/v1/connections/n/log/lines?first=7&seen=90&wait_ms=500`
    ]);
  });

  test('search a step at a time', async () => {
    await api.searchLog(
      'n',
      { q: 'a&b', regex: true, levels: ['error', 'fatal'] },
      { cursor: 'c', limit: 5 }
    );
    expect(request.mock.calls[0][0]).toBe(
      `${BASE}firesteel/api/v1/connections/n/log/search?q=a%26b&regex=true&levels=error%2Cfatal&cursor=c&limit=5`
    );
    await api.searchLog('n', { q: 'x' });
    expect(request.mock.calls[1][0]).toBe(
      `${BASE}firesteel/api/v1/connections/n/log/search?q=x`
    );
  });

  test('know where the whole log can be had', () => {
    expect(api.logTextUrl('n')).toBe(
      `${BASE}firesteel/api/v1/connections/n/log/text`
    );
  });

  test('never make Jupyter add its number to the query', async () => {
    await api.status();
    expect(request.mock.calls[0][1].cache).not.toBe('no-store');
  });
});

describe('failures', () => {
  async function failure(): Promise<unknown> {
    return api.status().then(
      () => {
        throw new Error('This should have failed.');
      },
      (reason: unknown) => reason
    );
  }

  test('a refusal tells the field and what to do', async () => {
    const error = {
      code: 'invalid_option',
      message: 'No.',
      advice: 'Leave it out.',
      field: 'options.spark.x'
    };
    request.mockResolvedValue(reply(400, { error }));
    const reason = await failure();
    expect(reason).toBeInstanceOf(ApiError);
    expect(reason).toMatchObject({ status: 400, ...error });
  });

  test.each([
    [403, 'login'],
    [404, 'not_installed'],
    [500, 'proxy'],
    [599, 'proxy']
  ])('a page of status %d in its place means %s', async (status, cause) => {
    request.mockResolvedValue(reply(status, '<html>'));
    const reason = await failure();
    expect(reason).toBeInstanceOf(UnreachableError);
    expect(reason).toMatchObject({ cause, status });
  });

  test('a page that is no JSON is no success', async () => {
    request.mockResolvedValue(reply(200, '<html>log in</html>'));
    expect(await failure()).toMatchObject({ cause: 'proxy' });
  });

  test('no network is said to be so', async () => {
    request.mockRejectedValue(new TypeError('Failed to fetch'));
    expect(await failure()).toMatchObject({ cause: 'network' });
  });

  /** As Jupyter's client does, which says the same of every end. */
  function neverAnswer(): void {
    request.mockImplementation(
      (_, init) =>
        new Promise((_resolve, reject) => {
          init.signal?.addEventListener('abort', () =>
            reject(new TypeError('aborted'))
          );
        })
    );
  }

  test('who has asked can end it', async () => {
    neverAnswer();
    const abort = new AbortController();
    const reason = api.logLines('n', {}, abort.signal).catch(isCancelled);
    await Promise.resolve();
    abort.abort();
    expect(await reason).toBe(true);
    expect(request.mock.calls[0][1].signal?.aborted).toBe(true);
    const again = api.logLines('n', {}, abort.signal).catch(isCancelled);
    expect(await again).toBe(true);
    expect(request).toHaveBeenCalledTimes(1);
  });

  test('who waits for something new has that much longer', async () => {
    jest.useFakeTimers();
    neverAnswer();
    const reason = api
      .logLines('n', { seen: 1, wait_ms: 20_000 })
      .catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(39_999);
    expect(request.mock.calls[0][1].signal?.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(await reason).toMatchObject({ cause: 'timeout' });
    jest.useRealTimers();
  });

  test('a request has a deadline', async () => {
    jest.useFakeTimers();
    neverAnswer();
    const reason = failure();
    await jest.advanceTimersByTimeAsync(19_999);
    expect(request.mock.calls[0][1].signal?.aborted).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(await reason).toMatchObject({ cause: 'timeout' });
    jest.useRealTimers();
  });
});
