/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <ckpt.h>

G_BEGIN_DECLS

#define STATEROOM_TYPE_PAGE_HEADER (stateroom_page_header_get_type ())

/* The top of a page of the inspector: what is selected, where it is, and a few facts as chips. */
G_DECLARE_FINAL_TYPE (StateroomPageHeader, stateroom_page_header, STATEROOM, PAGE_HEADER, GtkBox)

GtkWidget  *stateroom_page_header_new         (void);
void        stateroom_page_header_set_title   (StateroomPageHeader *self,
                                               const char          *title,
                                               const char          *subtitle);
void        stateroom_page_header_set_path    (StateroomPageHeader *self,
                                               CkptTree            *tree,
                                               const CkptPath      *path);
void        stateroom_page_header_clear_chips (StateroomPageHeader *self);
void        stateroom_page_header_add_chip    (StateroomPageHeader *self,
                                               const char          *text,
                                               const char          *tooltip);
const char *stateroom_page_header_get_title   (StateroomPageHeader *self);

G_END_DECLS
