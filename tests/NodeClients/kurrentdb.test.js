import * as kurrentdb from '@kurrent/kurrentdb-client';
import { judge } from './kit/judge.js';

judge('@kurrent/kurrentdb-client', {
  ...kurrentdb,
  connect: (address) => kurrentdb.KurrentDBClient.connectionString(`kurrentdb://${address}?tls=false`),
  filtersReads: true,
  expecting: (streamState) => ({ streamState }),
});
