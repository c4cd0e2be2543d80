// What configurations are written with.
export { defineConnector } from './define-connector.ts';
export { email, sms, sql, table, tag } from './fields.ts';
export { hubspot, salesforce } from './crms.ts';
export { files } from './files.ts';
export { mysql } from './mysql.ts';
export { postgres } from './postgres.ts';
export { sqlite } from './sqlite.ts';
export { carillon, onesignal } from './target.ts';
export { bigquery, databricks, redshift, snowflake } from './warehouses.ts';
