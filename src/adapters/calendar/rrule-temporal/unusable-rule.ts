/** Why a freeze rule cannot be used, as half a sentence. */
export class UnusableRule extends Error {}
