/** What `--sut` and `--control-url` gave. */
export interface ControlOptions {
  readonly url: string;
  readonly insecure: boolean;
  readonly latencyMultiplier: number;
  readonly sut?: string;
  readonly controlUrl?: string;
}
