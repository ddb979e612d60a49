/** Where people look a transaction up: its page in the block explorer. Null where none is set up (`explorerUrl` empty). */
export function transactionUrl(explorerUrl: string, hash: string): string | null {
  return explorerUrl === '' ? null : `${explorerUrl}/tx/${hash}`;
}
