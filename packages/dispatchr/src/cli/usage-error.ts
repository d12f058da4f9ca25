/** What is wrong with the flags, the environment, the config file or the input; all of it in one message. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
