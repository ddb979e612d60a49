import type { OperationOutput } from '../../api/client.ts';
import { fromMoney } from '../../../../functions/src/shared/money.ts';

/**
 * The amount nearest to the wished one that credit can pay, in minor units: what leaves too little to be charged gives way to the most
 * that can be charged beside it, or to the whole price.
 */
export function nearestCredit(
  { due, most, mostInPart }: Pick<OperationOutput<'previewCredit'>, 'due' | 'most' | 'mostInPart'>,
  wished: bigint,
): bigint {
  const [whole, top, part] = [fromMoney(due), fromMoney(most), fromMoney(mostInPart)];
  if (wished <= 0n) return 0n;
  if (wished <= part) return wished;
  if (top < whole) return top;
  return wished - part < whole - wished ? part : whole;
}
