/**
 * The end of a `switch` over all kinds of something.
 *
 * The type check refuses a `switch` that forgets a kind, because what is left is then not `never`. At run time a kind
 * from a newer server does arrive here, so it is no error.
 * @param {never} _left what no case took
 */
export function unreachable(_left) {}
