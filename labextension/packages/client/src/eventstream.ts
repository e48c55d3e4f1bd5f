// SPDX-License-Identifier: Apache-2.0
import type { FiresteelEvent } from './types';

/** The part of a `WebSocket` that is used here. */
export interface ISocket {
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  close(): void;
}

export interface IEventStreamOptions {
  /** Open a WebSocket to `/api/v1/events`; called anew for every attempt. */
  readonly open: () => ISocket;
  readonly onEvent: (event: FiresteelEvent) => void;
  /** Called once when an open stream is lost, and for each attempt that fails. */
  readonly onLost: () => void;
}

/** Milliseconds before the first and between the last attempts to reconnect. */
const BACKOFF_FIRST = 250;
const BACKOFF_LAST = 5_000;
/**
 * Without a message for so long (milliseconds) the stream counts as lost: the
 * daemon sends a tick each second, and its proxy may hold a dead one open.
 */
const SILENCE = 15_000;

/**
 * The daemon's events, as long as `start` … `stop` says: a stream that ends, or
 * falls silent, is opened again, at first after 0.25 s and at last every 5 s.
 */
export class EventStream {
  private _socket?: ISocket;
  private _silence?: ReturnType<typeof setTimeout>;
  private _retry?: ReturnType<typeof setTimeout>;
  private _backoff = BACKOFF_FIRST;
  private _running = false;

  constructor(private readonly _options: IEventStreamOptions) {}

  start(): void {
    if (!this._running) {
      this._running = true;
      this._connect();
    }
  }

  stop(): void {
    this._running = false;
    clearTimeout(this._retry);
    this._drop();
  }

  /** Don't wait for the next attempt. */
  retryNow(): void {
    if (this._running && !this._socket) {
      clearTimeout(this._retry);
      this._backoff = BACKOFF_FIRST;
      this._connect();
    }
  }

  private _connect(): void {
    let socket: ISocket;
    try {
      socket = this._options.open();
    } catch {
      // An address that no WebSocket can have; says so as any other failure.
      this._lost();
      return;
    }
    this._socket = socket;
    this._awaitMessage();
    socket.onmessage = message => {
      const event = parseEvent(message.data);
      this._awaitMessage();
      if (event) {
        this._backoff = BACKOFF_FIRST;
        this._options.onEvent(event);
      }
    };
    socket.onclose = () => this._lost();
  }

  private _awaitMessage(): void {
    clearTimeout(this._silence);
    this._silence = setTimeout(() => this._lost(), SILENCE);
  }

  private _lost(): void {
    this._drop();
    if (!this._running) {
      return;
    }
    this._retry = setTimeout(() => this._connect(), this._backoff);
    this._backoff = Math.min(this._backoff * 2, BACKOFF_LAST);
    this._options.onLost();
  }

  private _drop(): void {
    clearTimeout(this._silence);
    const socket = this._socket;
    this._socket = undefined;
    if (socket) {
      socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }
}

/** The event in a message, or undefined if it is none that this panel knows. */
export function parseEvent(data: unknown): FiresteelEvent | undefined {
  let event: Partial<Record<string, unknown>> | null;
  try {
    event = JSON.parse(String(data)) as typeof event;
  } catch {
    return undefined;
  }
  if (event?.type === 'snapshot') {
    // A daemon from before an upgrade tells nothing of activity.
    event = { activity: [], ...event };
  }
  const known =
    (event?.type === 'snapshot' &&
      Array.isArray(event.connections) &&
      Array.isArray(event.clusters) &&
      isListOf(event.activity, isActivity)) ||
    (event?.type === 'activity' && isActivity(event)) ||
    (event?.type === 'connection' && isNamed(event.connection)) ||
    (event?.type === 'catalog' &&
      typeof event.revision === 'number' &&
      Array.isArray(event.clusters)) ||
    (event?.type === 'removed' && typeof event.name === 'string') ||
    event?.type === 'tick' ||
    event?.type === 'gap';
  return known ? (event as unknown as FiresteelEvent) : undefined;
}

function isListOf(value: unknown, isOne: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isOne);
}

function isActivity(value: unknown): boolean {
  const event = value as Partial<Record<string, unknown>> | null;
  return (
    typeof event?.connection === 'string' &&
    Array.isArray(event.sessions) &&
    Array.isArray(event.operations)
  );
}

function isNamed(value: unknown): boolean {
  return typeof (value as { name?: unknown } | null)?.name === 'string';
}
