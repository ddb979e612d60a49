// Every posting comes from one of these templates; README.md lists their legs.
export { dataGranted, dataTakenBack, dataUsed } from './data-templates.ts';
export {
  disputeClosed,
  disputeOpened,
  feeCharged,
  paymentReceived,
  refundIssued,
  revenueRecognised,
} from './money-templates.ts';
export { rewardAccrued, rewardReversed, rewardVested } from './reward-templates.ts';
