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
export {
  creditReturned,
  rewardAccrued,
  rewardLapsed,
  rewardLeftOut,
  rewardSetOff,
  rewardReleased,
  rewardReserved,
  rewardReversed,
  rewardSent,
  rewardSpent,
  rewardVested,
} from './reward-templates.ts';
