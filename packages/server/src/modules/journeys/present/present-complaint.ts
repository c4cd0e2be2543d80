import type { JourneyComplaint, JourneyValidation } from '@carillon/wire';
import type { Complaint } from '../definition/validate/complaint.ts';

export function presentComplaint({ node, path, problem, fix }: Complaint): JourneyComplaint {
  return {
    ...(node && { node_id: node.id }),
    ...(node?.clientNodeId && { client_node_id: node.clientNodeId }),
    path,
    problem,
    fix,
  };
}

export function presentComplaints(complaints: readonly Complaint[]): JourneyValidation {
  const errors = complaints.filter(({ level }) => level === 'error').map(presentComplaint);
  const warnings = complaints.filter(({ level }) => level === 'warning').map(presentComplaint);
  return { valid: errors.length === 0, errors, warnings };
}
