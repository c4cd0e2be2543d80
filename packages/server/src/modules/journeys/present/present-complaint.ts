import type { JourneyComplaint } from '@carillon/wire';
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
