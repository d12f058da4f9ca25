import type { operations } from '@dispatchr/contract';
import type { IncomingHttpHeaders } from 'node:http';

/** An operation of the Recorder API, by its operationId. */
export type OperationId = keyof operations;

/** What a handler of an operation gets: validated against the specification. */
export interface OperationRequest<Id extends OperationId> {
  path: PartOf<operations[Id]['parameters'], 'path'>;
  query: PartOf<operations[Id]['parameters'], 'query'>;
  headers: IncomingHttpHeaders;
  body: BodyOf<operations[Id]>;
  /** The verbatim text of a task that is part of the body. */
  sourceOf: (task: object) => string;
  /** Has a function run once the answer is sent, or nobody is there to get it. */
  onGone: (run: () => void) => void;
}

/** What an operation may answer: a status of the specification with its headers and its body. */
export type OperationAnswer<Id extends OperationId> = {
  [Status in keyof operations[Id]['responses'] & number]: { status: Status } & HeadersOf<
    operations[Id]['responses'][Status]
  > &
    ContentOf<operations[Id]['responses'][Status]>;
}[keyof operations[Id]['responses'] & number];

/**
 * Answers one operation. TypeScript looks for surplus members only where an answer is annotated, so handlers that
 * write an answer's body themselves say `: Promise<OperationAnswer<Id>>`.
 */
export type OperationHandler<Id extends OperationId> = (
  request: OperationRequest<Id>,
) => Promise<OperationAnswer<Id>>;

/** A handler for every operation; one that is missing or drifts from the specification does not compile. */
export type OperationHandlers = { [Id in OperationId]: OperationHandler<Id> };

type PartOf<Parameters, Name extends string> = Name extends keyof Parameters
  ? Exclude<Parameters[Name], undefined>
  : never;

type BodyOf<Operation> = Operation extends { requestBody: { content: infer Content } }
  ? Content[keyof Content]
  : Operation extends { requestBody?: { content: infer Content } }
    ? Content[keyof Content] | undefined
    : undefined;

type ContentOf<Response> = Response extends { content: infer Content }
  ? { body: Content[keyof Content] }
  : { body?: undefined };

type HeadersOf<Response> = Response extends { headers: infer Headers }
  ? keyof Named<Headers> extends never
    ? { headers?: Record<string, string | number> }
    : { headers: Named<Headers> & Record<string, string | number> }
  : { headers?: Record<string, string | number> };

/** The members that are named, without the index signature. */
type Named<Members> = { [Name in keyof Members as string extends Name ? never : Name]: Members[Name] };
