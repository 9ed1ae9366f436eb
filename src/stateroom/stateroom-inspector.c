/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-inspector.h"

#include "stateroom-container-page.h"
#include "stateroom-module-page.h"
#include "stateroom-overview.h"
#include "stateroom-tensor-page.h"
#include "stateroom-value-page.h"

struct _StateroomInspector
{
  AdwBin parent_instance;

  GtkScrolledWindow *window;
  GtkStack *stack;
  StateroomOverview *overview;
  StateroomTensorPage *tensor_page;
  StateroomValuePage *value_page;
  StateroomContainerPage *container_page;
  StateroomModulePage *module_page;

  CkptTree *tree;
  StateroomSurvey *survey; /* of @tree */
};

enum
{
  VALUE_EDITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StateroomInspector, stateroom_inspector, ADW_TYPE_BIN)

static gboolean
holds_others (CkptKind kind)
{
  switch (kind)
    {
    case CKPT_KIND_LIST:
    case CKPT_KIND_TUPLE:
    case CKPT_KIND_DICT:
    case CKPT_KIND_SET:
    case CKPT_KIND_FROZENSET:
    case CKPT_KIND_STORAGE:
    case CKPT_KIND_OBJECT:
    case CKPT_KIND_TENSOR:
      return TRUE;
    case CKPT_KIND_NONE:
    case CKPT_KIND_BOOL:
    case CKPT_KIND_INT:
    case CKPT_KIND_FLOAT:
    case CKPT_KIND_STRING:
    case CKPT_KIND_BYTES:
    case CKPT_KIND_BYTEARRAY:
    case CKPT_KIND_GLOBAL:
    case CKPT_KIND_PERSISTENT_ID:
    default:
      return FALSE;
    }
}

/* What the page that is left behind was doing is of no more use. */
static void
stop_pages (StateroomInspector *self)
{
  stateroom_tensor_page_clear (self->tensor_page);
  stateroom_value_page_clear (self->value_page);
  stateroom_container_page_clear (self->container_page);
  stateroom_module_page_clear (self->module_page);
}

static void
set_tree (StateroomInspector *self, CkptTree *tree, StateroomSurvey *survey)
{
  if (self->tree == tree)
    return;
  if (self->survey != NULL)
    stateroom_survey_cancel (self->survey);
  g_clear_object (&self->survey);
  g_clear_pointer (&self->tree, ckpt_tree_unref);
  stateroom_overview_clear (self->overview);
  if (tree == NULL)
    return;
  self->tree = ckpt_tree_ref (tree);
  self->survey = survey != NULL ? g_object_ref (survey) : stateroom_survey_new (tree);
}

/* Returns the name of the page that shows the value. */
static const char *
show_value (StateroomInspector *self, const CkptPath *path)
{
  CkptNodeId node = ckpt_path_get_node (path, self->tree);
  const CkptTensor *tensor = ckpt_tree_get_node_tensor (self->tree, node);

  if (tensor != NULL)
    {
      stateroom_tensor_page_show (self->tensor_page, self->survey, path, tensor);
      return "tensor";
    }
  if (holds_others (ckpt_tree_get_kind (self->tree, node)))
    {
      stateroom_container_page_show (self->container_page, self->survey, path, node);
      return "container";
    }
  stateroom_value_page_show (self->value_page, self->tree, path, node);
  return "value";
}

static void
on_value_edited (StateroomInspector *self, const char *literal)
{
  g_signal_emit (self, signals[VALUE_EDITED], 0, literal);
}

static void
stateroom_inspector_dispose (GObject *object)
{
  StateroomInspector *self = STATEROOM_INSPECTOR (object);

  stop_pages (self);
  set_tree (self, NULL, NULL);
  G_OBJECT_CLASS (stateroom_inspector_parent_class)->dispose (object);
}

static void
stateroom_inspector_class_init (StateroomInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_inspector_dispose;
  /**
   * StateroomInspector::value-edited:
   * @literal: the new value of what is selected, as Python writes it
   *
   * A value was typed anew.
   */
  signals[VALUE_EDITED] = g_signal_new ("value-edited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (STATEROOM_TYPE_CONTAINER_PAGE);
  g_type_ensure (STATEROOM_TYPE_MODULE_PAGE);
  g_type_ensure (STATEROOM_TYPE_OVERVIEW);
  g_type_ensure (STATEROOM_TYPE_TENSOR_PAGE);
  g_type_ensure (STATEROOM_TYPE_VALUE_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-inspector.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomInspector, window);
  gtk_widget_class_bind_template_child (widget_class, StateroomInspector, stack);
  gtk_widget_class_bind_template_child (widget_class, StateroomInspector, overview);
  gtk_widget_class_bind_template_child (widget_class, StateroomInspector, tensor_page);
  gtk_widget_class_bind_template_child (widget_class, StateroomInspector, value_page);
  gtk_widget_class_bind_template_child (widget_class, StateroomInspector, container_page);
  gtk_widget_class_bind_template_child (widget_class, StateroomInspector, module_page);
  gtk_widget_class_bind_template_callback (widget_class, on_value_edited);
}

static void
stateroom_inspector_init (StateroomInspector *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * stateroom_inspector_new:
 *
 * Returns: (transfer floating): an inspector that shows nothing
 */
GtkWidget *
stateroom_inspector_new (void)
{
  return g_object_new (STATEROOM_TYPE_INSPECTOR, NULL);
}

/**
 * stateroom_inspector_set_tree:
 * @tree: a file
 * @survey: (nullable): its statistics, if some are known
 *
 * Forgets the last file, whose statistics are cancelled, and shows nothing of this one yet.
 */
void
stateroom_inspector_set_tree (StateroomInspector *self, CkptTree *tree, StateroomSurvey *survey)
{
  g_return_if_fail (STATEROOM_IS_INSPECTOR (self));

  if (self->tree == tree)
    return;
  stop_pages (self);
  set_tree (self, tree, survey);
}

/**
 * stateroom_inspector_get_survey:
 *
 * Returns: (transfer none) (nullable): the statistics of the file
 */
StateroomSurvey *
stateroom_inspector_get_survey (StateroomInspector *self)
{
  g_return_val_if_fail (STATEROOM_IS_INSPECTOR (self), NULL);

  return self->survey;
}

/**
 * stateroom_inspector_set_selection:
 * @tree: a file
 * @path: (nullable): a value in it, or %NULL for the file itself
 *
 * Shows what is selected. What was being computed for the last selection is cancelled.
 */
void
stateroom_inspector_set_selection (StateroomInspector *self, CkptTree *tree, const CkptPath *path)
{
  const char *page = "overview";

  g_return_if_fail (STATEROOM_IS_INSPECTOR (self));
  g_return_if_fail (tree != NULL);

  stop_pages (self);
  set_tree (self, tree, NULL);
  if (path == NULL)
    stateroom_overview_show (self->overview, self->survey);
  else
    page = show_value (self, path);
  gtk_stack_set_visible_child_name (self->stack, page);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->window), 0);
}

/**
 * stateroom_inspector_set_module:
 * @item: a row that stands for some of the keys of a dict, or for some of the items of a list
 *
 * Shows such a row, which is no value of the file by itself.
 */
void
stateroom_inspector_set_module (StateroomInspector *self, CkptItem *item)
{
  g_return_if_fail (STATEROOM_IS_INSPECTOR (self));

  stop_pages (self);
  set_tree (self, ckpt_item_get_tree (item), NULL);
  stateroom_module_page_show (self->module_page, self->survey, item);
  gtk_stack_set_visible_child_name (self->stack, "module");
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->window), 0);
}

/**
 * stateroom_inspector_clear:
 *
 * Shows nothing, and lets go of the file.
 */
void
stateroom_inspector_clear (StateroomInspector *self)
{
  g_return_if_fail (STATEROOM_IS_INSPECTOR (self));

  stop_pages (self);
  set_tree (self, NULL, NULL);
  gtk_stack_set_visible_child_name (self->stack, "nothing");
}

/**
 * stateroom_inspector_is_busy:
 *
 * Returns: whether something that is shown is still being computed
 */
gboolean
stateroom_inspector_is_busy (StateroomInspector *self)
{
  g_return_val_if_fail (STATEROOM_IS_INSPECTOR (self), FALSE);

  return stateroom_overview_is_busy (self->overview) || stateroom_tensor_page_is_busy (self->tensor_page) ||
         stateroom_value_page_is_busy (self->value_page) ||
         stateroom_container_page_is_busy (self->container_page) ||
         stateroom_statistics_is_busy (stateroom_module_page_get_statistics (self->module_page));
}

/**
 * stateroom_inspector_get_page:
 *
 * Returns: (transfer none): the page that is shown
 */
GtkWidget *
stateroom_inspector_get_page (StateroomInspector *self)
{
  g_return_val_if_fail (STATEROOM_IS_INSPECTOR (self), NULL);

  return gtk_stack_get_visible_child (self->stack);
}

/**
 * stateroom_inspector_start_set_value:
 *
 * Lets the value that is shown be typed anew.
 */
void
stateroom_inspector_start_set_value (StateroomInspector *self)
{
  g_return_if_fail (STATEROOM_IS_INSPECTOR (self));

  if (stateroom_inspector_get_page (self) == GTK_WIDGET (self->value_page))
    stateroom_value_page_start_edit (self->value_page);
}
