/** Selectors of a list request. */
export interface Selection {
  /** A label selector. */
  readonly labels?: string;
  /** A field selector. */
  readonly fields?: string;
}

/** The query string of a list request, without its question mark. */
export function queryOf({ labels, fields }: Selection): string {
  return `${new URLSearchParams({ ...(labels && { labelSelector: labels }), ...(fields && { fieldSelector: fields }) })}`;
}
