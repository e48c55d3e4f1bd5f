// SPDX-License-Identifier: Apache-2.0
import { errorOfReply, UnreachableError } from './errors';
import type {
  Catalog,
  Cluster,
  Connection,
  DocumentedOption,
  FieldProblem,
  InterruptRequest,
  LogChunk,
  LogLevel,
  LogSearchStep,
  LogWindow,
  NewConnection,
  Options,
  Preset,
  Preview,
  StartRequest,
  Status
} from './types';
import { apiUrl, sparkUiUrl } from './urls';

/** How the API is reached. */
export interface ITransport {
  /** The Jupyter server's base URL. */
  readonly baseUrl: string;
  /** Does the request, with the login that the Jupyter server wants. */
  readonly request: (url: string, init: RequestInit) => Promise<Response>;
  /** Who asks, for `X-Firesteel-Client`: `panel/0.1.0`. */
  readonly client: string;
  /** Milliseconds that a request may take; 20 s if absent. */
  readonly deadline?: number;
}

const DEADLINE = 20_000;

type Query = Record<string, string | number | boolean | undefined>;

/** Which lines of a log. */
export interface ILogLinesQuery {
  /** Number of the first line; without it the last `limit`. */
  readonly first?: number;
  readonly limit?: number;
  /** The `bytes` of an earlier reply. */
  readonly seen?: number;
  /** With `seen`: wait at most so long (milliseconds) for other ones. */
  readonly wait_ms?: number;
}

/** What to look for in a log. */
export interface ILogQuery {
  readonly q?: string;
  /** Whether `q` is a pattern of RE2. */
  readonly regex?: boolean;
  readonly ignore_case?: boolean;
  /** All, if absent. */
  readonly levels?: readonly Exclude<LogLevel, 'none'>[];
  readonly backwards?: boolean;
}

/**
 * The daemon's REST API. Every method rejects with `ApiError` when the daemon
 * refused and with `UnreachableError` when it did not answer in time.
 */
export class FiresteelApi {
  constructor(private readonly _transport: ITransport) {}

  status(): Promise<Status> {
    return this._get(['status']);
  }

  async clusters(): Promise<Cluster[]> {
    const reply = await this._get<{ clusters: Cluster[] }>(['clusters']);
    return reply.clusters;
  }

  /** Clusters and bundles to choose from. */
  catalog(): Promise<Catalog> {
    return this._get(['catalog']);
  }

  /** Documented options with these words, the best matches first. */
  sparkOptions(
    query: { q?: string; spark_version?: string; limit?: number } = {}
  ): Promise<{ options: DocumentedOption[]; total: number }> {
    return this._get(['spark-options'], { ...query });
  }

  /** What would be started, where each value comes from, and what is wrong. */
  preview(request: StartRequest): Promise<Preview> {
    return this._change('POST', ['preview'], request);
  }

  /** The options in the text of a `spark-defaults.conf`. */
  readSparkDefaults(
    text: string
  ): Promise<{ options: Options; problems: FieldProblem[] }> {
    return this._change('POST', ['spark-defaults', 'read'], { text });
  }

  /** Options as the text of a `spark-defaults.conf`. */
  async writeSparkDefaults(options: Options): Promise<string> {
    const reply = await this._change<{ text: string }>(
      'POST',
      ['spark-defaults', 'write'],
      { options }
    );
    return reply.text;
  }

  async presets(): Promise<Preset[]> {
    const reply = await this._get<{ presets: Preset[] }>(['presets']);
    return reply.presets;
  }

  /** Keep a preset; one of this name is replaced. */
  savePreset(name: string, preset: StartRequest): Promise<Preset> {
    return this._change('PUT', ['presets', name], preset);
  }

  async removePreset(name: string): Promise<void> {
    await this._change('DELETE', ['presets', name]);
  }

  /** Create a connection and start it; what follows comes as events. */
  create(definition: NewConnection): Promise<Connection> {
    return this._change('POST', ['connections'], definition);
  }

  /** Start again; the keys of `changes` replace what it was created with. */
  start(name: string, changes?: StartRequest): Promise<Connection> {
    return this._change('POST', ['connections', name, 'start'], changes);
  }

  stop(name: string): Promise<Connection> {
    return this._change('POST', ['connections', name, 'stop']);
  }

  restart(name: string): Promise<Connection> {
    return this._change('POST', ['connections', name, 'restart']);
  }

  makeDefault(name: string): Promise<Connection> {
    return this._change('POST', ['connections', name, 'default']);
  }

  async remove(name: string): Promise<void> {
    await this._change('DELETE', ['connections', name]);
  }

  /** Lines from the cursor `after` on, or the last ones; at most `limit`. */
  log(
    name: string,
    query: { after?: number; limit?: number } = {}
  ): Promise<LogChunk> {
    return this._get(['connections', name, 'log'], { ...query });
  }

  /**
   * Lines of the log by their numbers, or the last ones; with `seen` and
   * `wait_ms` when there is something new.
   */
  logLines(
    name: string,
    query: ILogLinesQuery = {},
    signal?: AbortSignal
  ): Promise<LogWindow> {
    return this._fetch(
      ['connections', name, 'log', 'lines'],
      { method: 'GET', signal },
      { ...query },
      query.wait_ms
    );
  }

  /** A step of a search; go on with the reply's `next` as `cursor`. */
  searchLog(
    name: string,
    query: ILogQuery,
    step: { readonly cursor?: string; readonly limit?: number } = {},
    signal?: AbortSignal
  ): Promise<LogSearchStep> {
    const levels = query.levels?.join(',');
    return this._fetch(
      ['connections', name, 'log', 'search'],
      { method: 'GET', signal },
      { ...query, levels, ...step }
    );
  }

  /** Where the whole log can be had as text. */
  logTextUrl(name: string): string {
    const { baseUrl } = this._transport;
    return apiUrl(baseUrl, ['connections', name, 'log', 'text']);
  }

  /** Where the connection's Spark UI can be seen while its server runs. */
  sparkUiUrl(name: string): string {
    return sparkUiUrl(this._transport.baseUrl, name);
  }

  /** End a session with everything in it. */
  async release(name: string, sessionId: string): Promise<void> {
    await this._change('POST', [
      'connections',
      name,
      'sessions',
      sessionId,
      'release'
    ]);
  }

  /** Interrupt one operation, those of a session, or all that run; gives their ids. */
  async interrupt(
    name: string,
    what: InterruptRequest = {}
  ): Promise<string[]> {
    const reply = await this._change<{ operation_ids: string[] }>(
      'POST',
      ['connections', name, 'interrupt'],
      what
    );
    return reply.operation_ids;
  }

  /** A URL for any Spark Connect client. It holds a secret: don't keep it. */
  async endpointUrl(connection: string): Promise<string> {
    const reply = await this._change<{ url: string }>(
      'POST',
      ['endpoint', 'url'],
      { connection }
    );
    return reply.url;
  }

  private _get<T>(segments: string[], query?: Query): Promise<T> {
    return this._fetch<T>(segments, { method: 'GET' }, query);
  }

  private _change<T>(
    method: 'POST' | 'PUT' | 'DELETE',
    segments: string[],
    body?: object
  ): Promise<T> {
    return this._fetch<T>(segments, {
      method,
      headers: {
        'Content-Type': 'application/json',
        'X-Firesteel-Client': this._transport.client
      },
      ...(body && { body: JSON.stringify(body) })
    });
  }

  /**
   * @param init its signal ends the request before its time; it then rejects
   *   with an `AbortError`
   * @param wait milliseconds that the daemon may wait by itself
   */
  private async _fetch<T>(
    segments: string[],
    init: RequestInit,
    query?: Query,
    wait = 0
  ): Promise<T> {
    const { baseUrl, request, deadline = DEADLINE } = this._transport;
    const given = init.signal;
    const abort = new AbortController();
    const cancel = (): void => abort.abort();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      abort.abort();
    }, deadline + wait);
    given?.addEventListener('abort', cancel);
    try {
      throwIfCancelled(given);
      const response = await request(apiUrl(baseUrl, segments, query), {
        ...init,
        // Not `no-store`: with it Jupyter's client adds a number to the query,
        // which is no parameter of this API.
        cache: 'no-cache',
        signal: abort.signal
      });
      const text = await response.text();
      const body = parse(text);
      if (!response.ok || body === undefined) {
        throw errorOfReply(response.status, body);
      }
      return body as T;
    } catch (reason) {
      // Jupyter's client reports an end like this as a failure of the network.
      throwIfCancelled(given);
      throw withCause(reason, late, deadline + wait);
    } finally {
      clearTimeout(timer);
      given?.removeEventListener('abort', cancel);
    }
  }
}

/** Whether a request was ended by who had made it. */
export function isCancelled(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'AbortError';
}

function throwIfCancelled(signal: AbortSignal | null | undefined): void {
  if (signal?.aborted) {
    throw new DOMException('It is not wanted any more.', 'AbortError');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withCause(reason: unknown, late: boolean, deadline: number): unknown {
  if (late) {
    return new UnreachableError(
      'timeout',
      `Firesteel did not answer within ${deadline / 1000} s.`
    );
  }
  // `fetch` reports every failure of the network as a TypeError.
  if (reason instanceof TypeError) {
    return new UnreachableError(
      'network',
      'The Jupyter server does not answer.'
    );
  }
  return reason;
}
