/* SPDX-License-Identifier: MIT */
/* The pool of areas for handshakes (handshake/area.h). */
#include "handshake/area.h"

#include "base/secret.h"

void dtls_areas_add(struct dtls_areas *areas, struct dtls_area *area)
{
    *area = (struct dtls_area){.next = areas->unused};
    areas->unused = area;
}

struct dtls_area *dtls_areas_take(struct dtls_areas *areas)
{
    struct dtls_area *area = areas->unused;

    if (area != NULL) {
        areas->unused = area->next;
        area->next = NULL;
    }
    return area;
}

void dtls_areas_give(struct dtls_areas *areas, struct dtls_area *area)
{
    dtls_wipe(area, sizeof *area);
    dtls_areas_add(areas, area);
}
