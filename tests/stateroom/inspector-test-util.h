/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-inspector.h"
#include "stateroom-tensor-page.h"

G_BEGIN_DECLS

/* An inspector in a window of its own, and a file. */
typedef struct
{
  GtkWindow *window;
  StateroomInspector *inspector;
  CkptTree *tree;
} InspectorFixture;

/* @data: a file of tests/fixtures/torch-2.13, or NULL. */
void               inspector_test_set_up           (InspectorFixture *fixture,
                                                    gconstpointer     data);
void               inspector_test_tear_down        (InspectorFixture *fixture,
                                                    gconstpointer     data);
CkptTree          *inspector_test_load             (const char       *path);
CkptTree          *inspector_test_load_fixture     (const char       *name);
/* Fails the test after a while. */
guint              inspector_test_start_timeout    (void);
void               inspector_test_wait             (InspectorFixture *fixture);
/* Selects a value, and gives the page that shows it, at once or when it rests. */
GtkWidget         *inspector_test_select_now       (InspectorFixture *fixture,
                                                    const char       *path_text);
GtkWidget         *inspector_test_select           (InspectorFixture *fixture,
                                                    const char       *path_text);
void               inspector_test_assert_figure    (StateroomTensorPage *page,
                                                    const char       *name,
                                                    const char       *value);
StateroomPlotView *inspector_test_get_plot_view    (StateroomTensorPage *page);
const char        *inspector_test_get_card_page    (StateroomTensorPage *page);
/* A button that is shown. */
GtkWidget         *inspector_test_find_button      (GtkWidget        *widget,
                                                    const char       *label);
void               inspector_test_toggle           (InspectorFixture *fixture,
                                                    const char       *label);
void               inspector_test_click            (InspectorFixture *fixture,
                                                    const char       *label);
/* What a key does in a widget that has the focus. */
gboolean           inspector_test_press            (GtkWidget        *widget,
                                                    guint             key);
/* What a widget looks like; right after a change there is nothing yet. */
GskRenderNode     *inspector_test_wait_for_node    (GtkWidget        *widget);
/* Pixels of the colour of bars. */
guint              inspector_test_count_bar_pixels (GtkWidget        *widget);

G_END_DECLS
