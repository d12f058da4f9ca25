import http from 'node:http';
import https from 'node:https';

/** A request as it is to be sent, byte for byte. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** A response as it came. */
export interface HttpResponse {
  readonly status: number;
  /** By name in lower case; several fields of one name are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly text: string;
}

/** Sends requests over connections that are kept open; follows nothing, retries nothing, adds no header of its own. */
export class HttpClient {
  readonly #agents: { readonly http: http.Agent; readonly https: https.Agent };
  readonly #timeoutMs: number;
  /** True if certificates are not verified. */
  readonly insecure: boolean;

  /** @param timeoutMs - how long a response may take before the request rejects. */
  constructor(options: { readonly timeoutMs: number; readonly insecure?: boolean }) {
    this.#timeoutMs = options.timeoutMs;
    this.insecure = options.insecure === true;
    const shared = { keepAlive: true, maxSockets: 64 };
    this.#agents = {
      http: new http.Agent(shared),
      https: new https.Agent({ ...shared, rejectUnauthorized: !this.insecure }),
    };
  }

  /** Rejects with the error of the connection, or after the time-out. */
  async send(request: HttpRequest): Promise<HttpResponse> {
    try {
      const { http: plain, https: secure } = this.#agents;
      return await this.#sendOnce(request, request.url.startsWith('https:') ? secure : plain);
    } catch (error) {
      // The server may close an idle connection just as it is used again: nothing was answered, and nothing judged.
      // After a kill every connection that is kept is such a one, so the second try takes a new one.
      if (isStaleConnection(error)) return await this.#sendOnce(request, false);
      throw error;
    }
  }

  #sendOnce(request: HttpRequest, agent: http.Agent | false): Promise<HttpResponse> {
    const url = new URL(request.url);
    const secure = url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? https : http).request(url, {
        method: request.method,
        agent,
        headers: headersOf(request),
        // `path` as it was written: `URL` would tidy a path that is wrong on purpose.
        path: pathOf(request.url),
      });
      outgoing.setTimeout(this.#timeoutMs, () =>
        outgoing.destroy(new Error(`expected a response within ${this.#timeoutMs} ms, got none`)),
      );
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        reject(Object.assign(error, { reusedSocket: outgoing.reusedSocket }));
      });
      outgoing.on('response', (incoming) => void collect(incoming).then(resolve, reject));
      outgoing.end(request.body);
    });
  }

  close(): void {
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }
}

function isStaleConnection(error: unknown): boolean {
  const { code, reusedSocket } = error as { code?: string; reusedSocket?: boolean };
  return reusedSocket === true && (code === 'ECONNRESET' || code === 'EPIPE');
}

function headersOf({ headers = {}, body }: HttpRequest): http.OutgoingHttpHeaders {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const framed = names.includes('content-length') || names.includes('transfer-encoding');
  return body === undefined || framed ? headers : { ...headers, 'content-length': Buffer.byteLength(body) };
}

function pathOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*([^#]*)/i.exec(url)?.[1]?.replace(/^(?!\/)/, '/') ?? '/';
}

async function collect(incoming: http.IncomingMessage): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const headers = Object.fromEntries(
    Object.entries(incoming.headersDistinct).map(([name, values]) => [name, (values ?? []).join(', ')]),
  );
  return { status: incoming.statusCode ?? 0, headers, body, text: body.toString('utf8') };
}
