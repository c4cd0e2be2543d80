import { ApiError } from '../../../platform/http/api-error.ts';
import { presentComplaint } from '../present/present-complaint.ts';
import type { Complaint } from './validate/complaint.ts';

/** Throws ApiError `journey-invalid` with all errors where there are any; warnings stop nothing. */
export function refuseInvalid(complaints: readonly Complaint[]): void {
  const errors = complaints.filter(({ level }) => level === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const { path, problem, fix } = first;
  throw new ApiError('journey-invalid', {
    params: { path, problem, fix },
    meta: { errors: errors.map(presentComplaint) },
  });
}
