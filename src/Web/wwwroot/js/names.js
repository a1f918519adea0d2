// Names for streams that have nothing of their own to be known by.

const kinds = ['Amber', 'Autumn', 'Bright', 'Calm', 'Cedar', 'Clear', 'Copper', 'Coral', 'Distant', 'Early', 'Evening', 'Fern',
  'Gentle', 'Golden', 'Green', 'Hidden', 'Hollow', 'Indigo', 'Ivory', 'Late', 'Linen', 'Long', 'Lunar', 'Maple', 'Misty', 'Morning',
  'Narrow', 'Northern', 'Quiet', 'Rainy', 'Red', 'Silver', 'Slow', 'Small', 'Steady', 'Summer', 'Swift', 'Velvet', 'Warm', 'Winter'];
const things = ['anchor', 'arch', 'bay', 'beacon', 'bell', 'bridge', 'brook', 'canyon', 'cloud', 'coast', 'comet', 'creek', 'delta',
  'dune', 'field', 'fjord', 'garden', 'glacier', 'grove', 'harbour', 'heron', 'hill', 'island', 'lake', 'lantern', 'lighthouse',
  'meadow', 'moor', 'orchard', 'pebble', 'pier', 'rapids', 'reed', 'river', 'sail', 'shore', 'spring', 'tide', 'valley', 'willow'];

const used = new Set();

/** Another one each time in this tab, and seldom one that another tab has. */
export function demoName() {
  if (used.size === kinds.length * things.length) used.clear();
  for (;;) {
    const name = `${anyOf(kinds)} ${anyOf(things)}`;
    if (used.has(name)) continue;
    used.add(name);
    return name;
  }
}

const anyOf = (words) => words[Math.floor(Math.random() * words.length)];
