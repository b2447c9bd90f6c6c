/* The two ways to put load on a proxy; both report when the run is over. */
#ifndef LOAD_H
#define LOAD_H

void load_with_datagrams(void);
void load_with_streams(void);

#endif
