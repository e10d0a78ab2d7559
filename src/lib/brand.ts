/** A string (or number) that only the function which checked it can make: raw text of the same shape does not fit. */
export type Brand<Base, Name extends string> = Base & { readonly __brand: Name }
