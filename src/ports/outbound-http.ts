export interface OutboundRequest {
  readonly method: 'GET' | 'POST';
  /** Absolute, without user and password. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For all of it: name, connection, request and answer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface OutboundResponse {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 64 KiB. */
  readonly body: string;
  /** Whether the body goes on behind what was read. */
  readonly truncated: boolean;
}

/**
 * The only way to another system over HTTP. Goes to public addresses over https, and to the hosts that the config allows.
 * Follows no redirect: the answer that names another place is the answer.
 */
export interface OutboundHttp {
  /**
   * @throws DeliveryError AQE7003 for an address that is refused (never retryable); AQE7002 for a request that cannot be
   * sent (not retryable) and for no name, no connection, no complete answer or no time left (retryable).
   */
  send(request: OutboundRequest): Promise<OutboundResponse>;
}
