"""Building on more than one machine, on Dask: sources, store and output at addresses that all of them reach.

    makeup       what a process is made of: package, engines, Python; differences have a name
    remote       addresses, through fsspec: what is there, fetched and put
    sources      the editions at an address or in a folder, and what they are made from
    tiers        a store in two tiers: this machine's, and behind it one that all machines share
    publishing   an edition put at an address: what is new first, the manifest after its files, then what is gone
    tasks        what a worker runs: one edition, whole
    scheduler    reaching the scheduler, and looking at its workers before work begins
    driving      hands out the editions and tells what comes of each
    shelf        the catalogue at an address

Dask and fsspec are an extra: nothing outside this package imports them, and nothing in it does before it has to.
"""
