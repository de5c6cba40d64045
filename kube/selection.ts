/** Which objects a list is of, as the API server is asked for them. */
export interface Selection {
  /** A label selector. */
  readonly labels?: string;
  /** A field selector. */
  readonly fields?: string;
}

/** The query of a list's path, without its question mark. */
export function queryOf({ labels, fields }: Selection): string {
  return `${new URLSearchParams({ ...(labels && { labelSelector: labels }), ...(fields && { fieldSelector: fields }) })}`;
}
